"""Composite electrodes from their grains: what a segmented image conducts."""
