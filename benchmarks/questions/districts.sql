-- What do the departments of each district spend in 2024?
SELECT division, count(organisation), sum(amount) FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND level = 'department' AND kind = 'this-year' AND year = 2024
  AND phase = 'budget' AND breakdown = 'total'
GROUP BY division
