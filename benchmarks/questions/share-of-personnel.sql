-- What share of the budget of 2024 is for personnel?
SELECT organisation, level, 100 * sum(amount) FILTER (kind = 'personnel') / sum(amount) FILTER (kind = 'this-year') FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND year = 2024 AND phase = 'budget' AND breakdown IN ('total', 'kind')
  AND kind IN ('this-year', 'personnel')
GROUP BY organisation, level
HAVING count(DISTINCT kind) = 2
