-- What does each office spend in each year?
SELECT organisation, level, year, phase, amount FROM facts
WHERE own AND NOT quoted AND measure = 'amount' AND basis = 'year' AND flow = 'expenditure' AND breakdown = 'total'
