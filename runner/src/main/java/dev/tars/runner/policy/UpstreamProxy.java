package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import java.util.Optional;

/**
 * A proxy that every connection of a box must go through: {@code network.upstream}.
 *
 * @param host a name or an address, of the engine's ordinary network
 * @param credentials path of a file with one line {@code user:password}
 */
public record UpstreamProxy(
    String host, int port, Optional<String> credentials, SourcePosition at) {}
