"""Reports: what a centre did in a month, each figure with its definition, as JSON, CSV, XLSX and on paper."""
