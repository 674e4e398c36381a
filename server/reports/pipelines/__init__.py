"""Forms of a report for pipelines: JUnit and SARIF."""
