package dev.tars.runner.policy;

/**
 * The image that commands run in.
 *
 * @param id what rules and records call it
 * @param ref a name, {@code name@sha256:…}, or {@code sha256:…}
 */
public record ImageRule(String id, String ref) {}
