package dev.tars.runner;

import java.time.Duration;

/**
 * A person's answer.
 *
 * @param contextId {@code CTX-n} or {@code last}
 * @param approve false rejects
 */
public record ReviewRequest(String contextId, boolean approve, String comment, Duration lockWait) {}
