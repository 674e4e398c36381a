"""The page of an office: its disclosures, years side by side, where its money comes from and goes, its projects."""
