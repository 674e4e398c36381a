-- Which projects of 2024 cost most?
SELECT disclosure, project, amount FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND level = 'department' AND year = 2024 AND breakdown = 'kind-project'
  AND adds AND project_depth = 2
ORDER BY amount DESC
LIMIT 10
