-- Where does the revenue come from?
SELECT disclosure, fund_only, amount FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND vintage = 'current' AND breakdown IN ('total', 'fund') AND adds
  AND fund_depth <= 1 AND fund_only <> 'total'
