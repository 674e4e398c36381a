-- What share of each budget goes to social security and employment, 208?
SELECT organisation, level, year,
  100 * coalesce(sum(amount) FILTER (function = '208'), 0) / sum(amount) FILTER (breakdown = 'total') FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND kind = 'this-year' AND phase = 'budget'
  AND breakdown IN ('total', 'function')
GROUP BY organisation, level, year
HAVING count(*) FILTER (breakdown = 'function') > 0 AND sum(amount) FILTER (breakdown = 'total') > 0
