package dev.tars.runner;

import dev.tars.runner.model.PublicApi;
import dev.tars.runner.run.Reviews;
import java.time.Duration;

/**
 * A person's answer.
 *
 * @param contextId {@code CTX-n} or {@code last}
 * @param lockWait how long a promotion that follows waits for another one on the same workspace
 */
@PublicApi
public record ReviewRequest(String contextId, Reviews.Answer answer, Duration lockWait) {}
