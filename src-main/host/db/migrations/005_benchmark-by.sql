-- How the test pictures of a data set were recognised as those of benchmark_test; null for data sets of before, by content.
ALTER TABLE data_sets ADD COLUMN benchmark_by TEXT;
