package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two users of the operating system, one state directory of their group: who runs an improvement
 * does not approve it, the other one can. Becomes other users, so it is for root.
 */
class TwoPeopleDockerIT {
  private static final int TEAM = 30_000;
  private static final int ALICE = 30_001;
  private static final int BOB = 30_002;
  private static final int EVE = 30_003;
  private static final String ONE =
      "steps:\n  - { id: n, type: FileCreation, action: { file: n.txt, content: \"new\\n\" } }\n"
          + "  - { id: m, type: FileModification, action: { file: a.txt, edits: [ { append: \"more\\n\" } ] } }\n";

  @TempDir private Path temp;
  private Terminal root;
  private Terminal alice;
  private Terminal bob;
  private Terminal eve;
  private String policy;

  @BeforeEach
  void settle() throws Exception {
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    root = new Terminal(temp);
    root.plan("DO", ONE);
    policy = root.policy("approval: { selfApproval: deny }\n");
    Files.setPosixFilePermissions(Path.of(policy), PosixFilePermissions.fromString("rw-r--r--"));
    String socket = System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
    int engine = (int) Files.getAttribute(Path.of(socket.replace("unix://", "")), "unix:gid");
    String readable = readableClassPath();
    alice = root.as(ALICE, List.of(ALICE, TEAM, engine), readable);
    bob = root.as(BOB, List.of(BOB, TEAM, engine), readable);
    eve = root.as(EVE, List.of(EVE, engine), readable);
    sh("install -d -m 2770 -o " + ALICE + " -g " + TEAM + " " + root.state);
  }

  @Test
  void whoRanItDoesNotApproveItTheOtherOneDoes() throws Exception {
    give(BOB);
    ends(run(alice), 12);
    Terminal.Ended own = review(alice);
    ends(own, 12);
    assertThat(own.out()).contains("another person than who ran it");
    whoIsNotMeantReachesNothing();
    assertThat(root.tree()).doesNotContainKey("n.txt");
    ends(review(bob), 0);
    assertThat(root.tree()).containsEntry("n.txt", "new\n").containsEntry("a.txt", "hello\nmore\n");
    assertThat(owner("a.txt")).isEqualTo(BOB);
    everythingIsTheGroupsButWhatIsPrivate();
    ends(bob.run("execute", "rollback", "--context-id", "last", "--all"), 0);

    // Where the files are alice's, bob's approval waits for her; she builds on what he stored.
    give(ALICE);
    ends(run(alice), 12);
    Terminal.Ended approved = review(bob);
    ends(approved, 11);
    assertThat(approved.err())
        .contains("belongs to another user")
        .contains("promote as its owner, or as root");
    assertThat(root.tree()).doesNotContainKey("n.txt");
    ends(review(alice), 0);
    assertThat(root.tree()).containsEntry("n.txt", "new\n");
    assertThat(owner("n.txt")).isEqualTo(ALICE);
    // Each signed with a key of their own, which the other one takes for good.
    ends(bob.run("audit", "verify"), 0);
    ends(bob.run("gc"), 0);
    assertThat(Files.list(root.state.resolve("keys")).map(p -> p.getFileName().toString()))
        .contains("ed25519-" + BOB, "ed25519-" + ALICE);
    assertThat(root.leftovers()).isEmpty();
  }

  private void whoIsNotMeantReachesNothing() throws Exception {
    Terminal.Ended stranger = review(eve);
    ends(stranger, 3);
    assertThat(stranger.err())
        .contains("a group that you are not in")
        .contains(String.valueOf(TEAM));
    sh("chmod 2772 " + root.state);
    Terminal.Ended open = review(bob);
    ends(open, 3);
    assertThat(open.err()).contains("others may write");
    sh("chmod 2770 " + root.state);
  }

  private void give(int user) throws Exception {
    sh("chown -R " + user + ":" + user + " " + root.workspace);
  }

  private Object owner(String path) throws IOException {
    return Files.getAttribute(root.workspace.resolve(path), "unix:uid");
  }

  private void everythingIsTheGroupsButWhatIsPrivate() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root.state)) {
      for (Path path : all.toList()) {
        String name = root.state.relativize(path).toString();
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
        int gid = (int) Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        boolean right =
            name.matches("trees/u.*|workspaces/[^/]*/displaced/TX-.*")
                || (name.matches("keys/ed25519-[0-9]+")
                    ? mode == 0600
                    : gid == TEAM && shared(path, mode));
        if (!right) {
          wrong.add(name + " " + Integer.toOctalString(mode) + " " + gid);
        }
      }
    }
    assertThat(wrong).isEmpty();
    sh("test $(find " + root.state + "/keys -perm 0600 | wc -l) -ge 1"); // the control
  }

  private static boolean shared(Path path, int mode) {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return mode == 02770;
    }
    return mode == 0660 || mode == 0440 || mode == 0640;
  }

  private Terminal.Ended run(Terminal who) {
    return who.run("execute", "improvement", "--id", "DO", "--policy", policy);
  }

  private Terminal.Ended review(Terminal who) {
    return who.run("execute", "review", "--context-id", "last", "--approve", "--comment", "seen");
  }

  private static void ends(Terminal.Ended ended, int exit) {
    assertThat(ended.exit()).as(ended.out() + ended.err()).isEqualTo(exit);
  }

  /** Ours may lie where only root looks. */
  private String readableClassPath() throws Exception {
    Path copies = Files.createDirectory(temp.resolve("classes"));
    List<String> found = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      for (Path path : jars(Path.of(element))) {
        Path copy = copies.resolve(found.size() + "-" + path.getFileName());
        sh("cp -rL " + path + " " + copy);
        found.add(copy.toString());
      }
    }
    sh("chmod -R a+rX " + copies);
    return String.join(File.pathSeparator, found);
  }

  private static List<Path> jars(Path element) throws IOException {
    if (!element.endsWith("*")) {
      return Files.exists(element) ? List.of(element) : List.of();
    }
    try (Stream<Path> jars = Files.list(element.getParent())) {
      return jars.toList();
    }
  }

  private static void sh(String command) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", command).inheritIO().start();
    assertThat(process.waitFor()).as(command).isZero();
  }
}
