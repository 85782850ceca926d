package dev.tars.runner.validation.tests;

/**
 * What the reports of one run say of how far it went.
 *
 * @param endsRed there is one report of each kind with tests, and the last of one that ran is red
 * @param modules a report lies in the directory of a module and not in the workspace's own
 * @param hidesHooks a report is of a kind that does not show hooks that fail, and no other does
 */
public record Extent(boolean endsRed, boolean modules, boolean hidesHooks) {
  public static final Extent WHOLE = new Extent(false, false, false);
}
