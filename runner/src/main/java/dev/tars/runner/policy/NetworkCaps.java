package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;
import java.time.Duration;

/**
 * What the boxes of one phase of a run may use of the network together: {@code network.limits}.
 *
 * @param requests refused ones too
 * @param connections open at a time
 * @param sent bytes from the boxes: what could be carried away
 * @param received bytes to the boxes
 * @param connection how long one connection may last
 * @param silence how long a connection may carry nothing
 */
public record NetworkCaps(
    long requests,
    int connections,
    ByteCount sent,
    ByteCount received,
    Duration connection,
    Duration silence) {}
