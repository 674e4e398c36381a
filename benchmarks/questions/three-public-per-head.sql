-- What are the three public expenses per member of staff?
SELECT fact.disclosure, max(fact.amount) / people.amount FROM facts AS fact JOIN facts AS people USING (disclosure)
WHERE fact.own AND NOT fact.quoted AND fact.measure = 'amount' AND fact.scope = 'three-public'
  AND fact.breakdown IN ('scope', 'fund-scope')
  AND people.own AND people.measure = 'headCount' AND people.line = 'staff'
GROUP BY fact.disclosure, people.amount
