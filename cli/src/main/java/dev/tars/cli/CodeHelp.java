package dev.tars.cli;

import dev.tars.runner.model.FailureCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** {@code tarscli help TARS-CODE}: what a code of an error means and what to do about it. */
final class CodeHelp {
  private CodeHelp() {}

  /** The code that a command line asks about. */
  static Optional<FailureCode> asked(String[] words) {
    if (words.length != 2 || !words[0].equals("help")) {
      return Optional.empty();
    }
    String name = words[1].toUpperCase(Locale.ROOT);
    String id = name.startsWith("TARS-") ? name : "TARS-" + name;
    return Arrays.stream(FailureCode.values()).filter(c -> c.id().equals(id)).findFirst();
  }

  static String text(FailureCode code) {
    return "%s (exit status %d)%n%n%s"
        .formatted(code.id(), code.exitCode(), meaning(code).stripTrailing());
  }

  private static String meaning(FailureCode code) {
    return switch (code) {
      case INTERNAL ->
          "A fault of tarscli itself. The message names a file with the details: report it with that file.";
      case USAGE ->
          "The command line is wrong: an unknown word, a missing value, two options that exclude each other.\n"
              + "Nothing was done. `tarscli COMMAND --help` shows what the command takes.";
      case PLAN_INVALID ->
          "The improvement file is not valid. Every problem is listed with line and column.\n"
              + "Mend them; `tarscli improve validate --id ID` checks again without running anything.";
      case PLAN_UNSUPPORTED ->
          "The improvement needs something that this version does not do. The message names it.";
      case POLICY_INVALID ->
          "A policy file is not valid, or it may not be trusted (owner, mode, place, links).\n"
              + "`tarscli policy validate FILE` lists every problem with its place and a fix.";
      case POLICY_UNSUPPORTED ->
          "The policy asks for something that cannot be enforced here, so nothing runs.\n"
              + "Take it out of the policy, or run where it can be enforced; `tarscli doctor` says what this engine can.";
      case EDIT_NOMATCH ->
          "An edit does not fit the file: the text that it looks for is not there, or not as often as it says.\n"
              + "Compare with the file as it is now; the nearest text is shown where there is one.";
      case EDIT_CONFLICT ->
          "Two edits of the improvement touch the same place, or one needs what another removed.\n"
              + "Join them into one edit, or put them into an order that works.";
      case PATCH_INVALID ->
          "The patch is damaged, or says something that could be read in two ways. It is refused, not guessed.\n"
              + "Make it again, best with `git diff` or `git format-patch`.";
      case CONFIG_INVALID ->
          "Something about the place is wrong: workspace, state directory, or the relation of the two.\n"
              + "Go to a project, or name one with --workspace; name another state directory with --state-dir.";
      case NOT_FOUND ->
          "What was named is not there: an improvement, a context, a transaction, a file.\n"
              + "`tarscli improve list` and `tarscli execute status` show what there is.";
      case ENGINE_UNREACHABLE ->
          "The Docker engine does not answer. Is it running, and may you use its socket?\n"
              + "`tarscli doctor` says which; a member of the engine's group may, after logging in again.";
      case ENGINE_LOST ->
          "The engine or the process of the run went away in the middle. Nothing was promoted by that run.\n"
              + "`tarscli execute recover`, then run the improvement again.";
      case ENGINE_UNSUITABLE ->
          "The engine cannot give a box the walls that are needed, or does not see the state directory.\n"
              + "`tarscli doctor` names each thing that is missing, with a fix.";
      case IMAGE_MISSING ->
          "The image that the policy names is not in the engine; images are never pulled during a run.\n"
              + "`tarscli image build`, or pull it by hand.";
      case IMAGE_REFUSED ->
          "The image cannot be used: it is not the one that the policy pins, or it changes how programs start.";
      case CACHE_MISSING ->
          "The policy names a cache that was not imported; boxes have no network to do without it.\n"
              + "`tarscli cache import NAME DIR`.";
      case DISK_FULL ->
          "There is no room. Nothing was changed half: make room and run the same command again.\n"
              + "`tarscli gc` removes what nothing needs.";
      case IO_FAILED ->
          "A file could not be read or written. The message names it and the reason the system gave.";
      case WORKSPACE_UNREADABLE ->
          "The workspace cannot be copied as a whole: something in it cannot be read, or is no file.\n"
              + "Mend it, or hide it with `filesystem.hide` in the policy.";
      case ISOLATION_DIFFERS ->
          "The engine made a container otherwise than it was asked to. The run stopped before anything ran in it.\n"
              + "`tarscli doctor` shows the engine's settings that override what is asked.";
      case GATE_FAILED ->
          "A gate of the policy did not pass: build, tests or another check. The change was not promoted.\n"
              + "`tarscli execute status CTX` names the tests; `tarscli execute logs CTX` has what was printed.";
      case STEP_FAILED ->
          "A step of the improvement failed in its box. Nothing was promoted.\n"
              + "`tarscli execute logs CTX` has what it printed.";
      case POLICY_DENIED ->
          "The policy denies something that the improvement does. Nothing was promoted.\n"
              + "`tarscli policy explain --context-id CTX` names the rule, its place, and who may change it.";
      case CHANGE_REFUSED ->
          "A finding of severity `reject` stands against the change. Nothing was promoted.\n"
              + "The finding names rule, file and line; a policy may weigh some rules with `validation.rules`.";
      case NOT_PROMOTABLE ->
          "The change could never be promoted to this workspace as it is; the message names the path and the reason.\n"
              + "Mend the workspace (a mount, a hard link, a flag), then run again.";
      case APPROVAL_NEEDED ->
          "The gates are done, and people must agree. This is no failure.\n"
              + "`tarscli execute review CTX`, then --approve or --reject.";
      case REJECTED ->
          "A person rejected the change, or the policy does. `tarscli audit show CTX` says who and why.";
      case STALE ->
          "Something that the verdict or the approval holds for is not the same any more: workspace, policy or image.\n"
              + "Run the improvement again.";
      case DRIFT ->
          "Files of the workspace differ from what was judged, or from what was promoted.\n"
              + "The message names each path with what was expected and found.";
      case TIMEOUT ->
          "A time limit was reached. The message names which one; a policy sets it, a plan can only shorten it.";
      case RESOURCE_LIMIT ->
          "A limit was reached: memory, processes, disk, output, number or size of files. The message names the key.";
      case IN_DOUBT ->
          "A transaction was interrupted and met edits made since. Nothing was overwritten.\n"
              + "Look at the files that are named, then `tarscli execute recover`.";
      case LOCKED ->
          "Another command holds the lock; the message names its process. Wait for it, or give --lock-wait more seconds.";
      case ROLLBACK_INCOMPLETE ->
          "Not everything could be rolled back; each path is named with the reason. What was displaced is kept.";
      case INTEGRITY ->
          "Something on record is damaged or was changed: log, context, change set, store or bundle. It is not used.\n"
              + "`tarscli audit verify` says what else.";
      case CHANGES -> "The comparison found differences, as it was asked to look for.";
      case INTERRUPTED ->
          "The command was interrupted. What it had begun is undone or finished by the next command.";
    };
  }
}
