"""Trains, runs and scores any method through the contract of `models.base`."""
