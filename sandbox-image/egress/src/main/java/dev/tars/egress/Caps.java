package dev.tars.egress;

import java.time.Duration;

/**
 * What one run may use of the network.
 *
 * @param requests in the whole run, refused ones too
 * @param connections open at a time
 * @param up bytes from the box, in the whole run
 * @param down bytes to the box, in the whole run
 * @param connection how long one connection may last
 * @param idle how long one may be silent
 */
record Caps(
    long requests, int connections, long up, long down, Duration connection, Duration idle) {}
