-- What do the classes of 2024 take for basic expenditure, what for projects?
SELECT disclosure, function, kind, amount FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND year = 2024 AND breakdown = 'function-kind' AND adds
  AND function_depth = 1 AND kind IN ('basic', 'project')
