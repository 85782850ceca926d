package dev.tars.image;

/**
 * One path of an image as its topmost layer leaves it.
 *
 * @param path without a leading slash
 * @param mode twelve bits, setuid, setgid and sticky among them
 * @param capable whether it carries file capabilities
 */
record ImageFile(String path, Kind kind, int mode, Owner owner, long size, boolean capable) {
  enum Kind {
    FILE,
    DIRECTORY,
    OTHER
  }

  record Owner(long uid, long gid) {
    @Override
    public String toString() {
      return uid + ":" + gid;
    }
  }

  /** Gives whoever runs it, or makes files in it, rights that they did not have. */
  boolean privileged() {
    return kind != Kind.OTHER && ((mode & 06000) != 0 || capable);
  }
}
