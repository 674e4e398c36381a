"""Files of procurement records: data interfaces, OCDS releases, lists, and the choice between the forms."""
