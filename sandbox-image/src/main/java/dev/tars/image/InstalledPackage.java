package dev.tars.image;

import java.util.List;
import java.util.Set;

/**
 * A package of a Debian-like system.
 *
 * @param depends for each dependency its alternatives
 * @param provides names that it answers to besides its own
 */
record InstalledPackage(
    String name, String version, List<Set<String>> depends, Set<String> provides) {
  InstalledPackage {
    depends = List.copyOf(depends);
    provides = Set.copyOf(provides);
  }
}
