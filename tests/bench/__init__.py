"""`make bench`: how fast Kakari is, as ratios within one run. docs/benchmarks.md says how."""
