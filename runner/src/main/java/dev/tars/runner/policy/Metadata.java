package dev.tars.runner.policy;

import java.util.List;

/** What a policy file says about itself, for people. */
public record Metadata(String name, String version, String description, List<String> owners) {
  public Metadata {
    owners = List.copyOf(owners);
  }
}
