"""What every room stands on: errors, options, the registry, random numbers, threads, the cache."""
