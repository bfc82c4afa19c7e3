"""Speed and memory beside named peers, as ratios in one run; `python -m benchmarks` runs all of it."""
