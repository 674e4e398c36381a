"""The data that converters share: documents, grids, observations, amounts, addresses."""
