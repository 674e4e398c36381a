-- What is spent from the general public budget?
SELECT organisation, level, year, amount FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND kind = 'this-year' AND phase = 'budget'
  AND breakdown IN ('total', 'fund') AND fund_only = 'general-public'
