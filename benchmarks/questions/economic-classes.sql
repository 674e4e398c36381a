-- What does basic expenditure of 2024 buy, by economic class?
SELECT disclosure, economic, amount FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND year = 2024 AND kind = 'basic' AND adds
  AND breakdown IN ('economic-kind', 'fund-economic-kind') AND economic_depth = 1
