-- What lists show of data sets without opening their own files.
ALTER TABLE data_sets ADD COLUMN storage TEXT;
ALTER TABLE data_sets ADD COLUMN reader TEXT;
ALTER TABLE data_sets ADD COLUMN health TEXT;
ALTER TABLE data_sets ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE data_sets ADD COLUMN check_error TEXT;
ALTER TABLE data_sets ADD COLUMN benchmark_test TEXT;
ALTER TABLE data_sets ADD COLUMN changes TEXT;
ALTER TABLE data_sets ADD COLUMN box_rule TEXT;
ALTER TABLE data_sets ADD COLUMN fit INTEGER;
