package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;

/**
 * An imported cache that every command sees, each run with a layer of its own on top.
 *
 * @param name the name it was imported under
 * @param target absolute path in the box
 */
public record CacheMount(String id, String name, String target, SourcePosition at) {}
