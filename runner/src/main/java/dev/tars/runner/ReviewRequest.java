package dev.tars.runner;

import dev.tars.runner.run.Reviews;
import java.time.Duration;

/**
 * A person's answer.
 *
 * @param contextId {@code CTX-n} or {@code last}
 */
public record ReviewRequest(String contextId, Reviews.Answer answer, Duration lockWait) {}
