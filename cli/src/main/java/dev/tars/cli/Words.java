package dev.tars.cli;

import java.util.List;
import java.util.Set;

/**
 * The words of a command line, and whether commands that it does not name are to be known too.
 *
 * @param named every argument as it stands; a command, a value or anything else
 * @param all true if each command is built: a file of arguments, as picocli reads it for {@code
 *     @file}, may name any of them
 * @param listed true if the commands that are not named are there by name and description
 */
record Words(Set<String> named, boolean all, boolean listed) {

  /** For a first look: what is not named is not there. */
  static Words of(String[] args) {
    Set<String> named = Set.copyOf(List.of(args));
    return new Words(named, named.stream().anyMatch(word -> word.startsWith("@")), false);
  }

  /** For what is said of all commands. */
  static Words everything() {
    return new Words(Set.of(), true, true);
  }

  /** For help and for suggestions, which show what else there is. */
  Words listingOthers() {
    return new Words(named, all, true);
  }

  boolean has(String word) {
    return all || named.contains(word);
  }
}
