package dev.tars.runner.policy;

import java.util.List;

/**
 * How tests are kept from being weakened.
 *
 * @param paths what counts as tests and test configuration
 * @param testsMayDisappear how many tests may vanish
 * @param skippedMayGrow how many tests may become skipped
 * @param forbidNew texts that no added line of a test may contain
 */
public record TestIntegrity(
    List<Glob> paths,
    boolean baselineRequired,
    int testsMayDisappear,
    int skippedMayGrow,
    List<String> forbidNew) {
  public TestIntegrity {
    paths = List.copyOf(paths);
    forbidNew = List.copyOf(forbidNew);
  }
}
