package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;

/**
 * Where notifications go.
 *
 * @param file name of a file in the state directory
 */
public record Channel(String name, String file, SourcePosition at) {}
