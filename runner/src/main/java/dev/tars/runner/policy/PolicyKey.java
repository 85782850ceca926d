package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;

/**
 * What one file of one layer says of one key, at any depth.
 *
 * @param name dotted, an item of a list of maps by its id: {@code filesystem.write[fs.main].paths}
 * @param text as canonical JSON, texts without quotes
 */
public record PolicyKey(String name, String text, String layer, SourcePosition at) {}
