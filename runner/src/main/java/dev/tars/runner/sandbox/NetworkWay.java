package dev.tars.runner.sandbox;

import java.util.List;

/**
 * The way from a name space to what a policy allows. It is opened in the background; whoever needs
 * it first waits for it. Closing it closes every connection.
 */
public interface NetworkWay extends AutoCloseable {

  /**
   * Waits until the way is open and a name that is denied was seen to be denied.
   *
   * @throws dev.tars.runner.model.RunnerException if it cannot be opened; nothing weaker is used
   */
  NetworkAccess access();

  /** Closes it; safe to call twice. */
  @Override
  void close();

  /** What was asked for, in the order of the first request; complete once it is closed. */
  List<NetworkUse> used();

  /** A sentence on the first cap that was reached, or on what is not known; empty for neither. */
  String crossed();
}
