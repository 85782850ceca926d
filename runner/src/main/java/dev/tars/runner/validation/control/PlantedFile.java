package dev.tars.runner.validation.control;

import dev.tars.runner.model.RelativePath;

/** A file that a control run has on top of a change, and nothing else ever has. */
public record PlantedFile(RelativePath path, String text) {}
