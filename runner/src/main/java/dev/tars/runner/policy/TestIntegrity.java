package dev.tars.runner.policy;

import java.util.List;

/**
 * How tests are kept from being weakened.
 *
 * @param paths what counts as tests and test configuration
 * @param testsMayDisappear how many tests may vanish
 * @param skippedMayGrow how many tests may become skipped
 * @param forbidNew texts that no added line of a test may contain
 * @param locked places in configuration that no change may touch
 */
public record TestIntegrity(
    List<Glob> paths,
    boolean baselineRequired,
    int testsMayDisappear,
    int skippedMayGrow,
    List<String> forbidNew,
    List<LockedSetting> locked) {
  public TestIntegrity {
    paths = List.copyOf(paths);
    forbidNew = List.copyOf(forbidNew);
    locked = List.copyOf(locked);
  }

  /** Without locked settings. */
  public TestIntegrity(
      List<Glob> paths,
      boolean baselineRequired,
      int testsMayDisappear,
      int skippedMayGrow,
      List<String> forbidNew) {
    this(paths, baselineRequired, testsMayDisappear, skippedMayGrow, forbidNew, List.of());
  }
}
