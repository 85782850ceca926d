package dev.tars.runner.yaml;

import dev.tars.runner.model.SourcePosition;

/**
 * One value of a file.
 *
 * @param name dotted, an item of a list of maps by its id: {@code filesystem.write[fs.main]}
 * @param text as canonical JSON, texts without quotes
 */
public record YamlLeaf(String name, String text, SourcePosition at) {}
