package io.jangada.server.run;

import io.jangada.core.model.MemberInfo;
import io.jangada.core.model.Membership;
import io.jangada.core.model.MembershipAt;
import io.jangada.core.model.NodeId;
import io.jangada.kv.KeyValueStore;
import io.jangada.server.member.Identity;
import io.jangada.server.member.IdentityFile;
import io.jangada.server.member.Member;
import io.jangada.storage.ForcedMembership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The way out after the loss of a majority: makes the members that are left, by their own word, the whole cluster. On the data folder of one of them, whose server has
 * ended and is kept from starting as long as this is open.
 */
public final class ForcedRecovery implements AutoCloseable {
    private final DataFolder folder;
    private final Identity identity;
    private final ForcedMembership.Survivor survivor;
    private final long appliedIndex;

    private ForcedRecovery(
            DataFolder folder, Identity identity, ForcedMembership.Survivor survivor, long appliedIndex) {
        this.folder = folder;
        this.identity = identity;
        this.survivor = survivor;
        this.appliedIndex = appliedIndex;
    }

    /** Looks into the folder. Throws {@link StartException} if it is in use, or no folder of a server. */
    public static ForcedRecovery open(Path path) {
        if (!Files.isDirectory(path)) {
            throw new StartException(
                    "there is no data folder " + path + " (--data-dir); name that of the member that is left");
        }
        DataFolder folder = DataFolder.open(path);
        try {
            return open(folder);
        } catch (IOException | RuntimeException e) {
            try {
                folder.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e instanceof StartException refused
                    ? refused
                    : new StartException("cannot recover from the data folder " + path + ": " + e.getMessage(), e);
        }
    }

    private static ForcedRecovery open(DataFolder folder) throws IOException {
        Identity identity = new IdentityFile(folder.path())
                .read()
                .orElseThrow(() -> new StartException("the folder " + folder.path()
                        + " (--data-dir) is not that of a server that has run; name that of the member that is left"));
        ForcedMembership.Survivor survivor = ForcedMembership.describe(folder.log());
        long applied = 0;
        if (Files.isDirectory(folder.store())) {
            try (KeyValueStore store = KeyValueStore.onDisk(folder.store())) {
                applied = store.lastApplied();
            }
        }
        return new ForcedRecovery(folder, identity, survivor, applied);
    }

    /** Whose folder it is. */
    public Identity identity() {
        return identity;
    }

    /** What is in its log. */
    public ForcedMembership.Survivor survivor() {
        return survivor;
    }

    /** Entries up to here are known to have been committed: they have been applied, or are in a snapshot. */
    public long knownCommitted() {
        long inSnapshot = survivor.snapshot() == null ? 0 : survivor.snapshot().index();
        return Math.max(appliedIndex, inSnapshot);
    }

    /** The membership that the folder has now. */
    public MembershipAt before() {
        MembershipAt known = survivor.membership();
        return known == null ? new MembershipAt(0, identity.initial()) : known;
    }

    /** The membership in which the named members alone vote, and this is one of them. Throws {@link StartException} for names that cannot be. */
    public Membership of(List<String> namesOrIds) {
        Membership old = before().membership();
        List<Member> members =
                old.members().stream().map(id -> Member.of(id, old)).toList();
        List<NodeId> voters = new ArrayList<>();
        SortedMap<NodeId, MemberInfo> info = new TreeMap<>();
        for (String wanted : namesOrIds) {
            NodeId id = members.stream()
                    .filter(member -> isCalled(member, wanted))
                    .map(Member::id)
                    .findFirst()
                    .orElseThrow(() -> new StartException("'" + wanted
                            + "' (--member) is none of the members that this folder knows: "
                            + members.stream().map(ForcedRecovery::describe).collect(Collectors.joining(", "))));
            voters.add(id);
            info.put(id, old.infoOf(id));
        }
        if (!voters.contains(identity.self())) {
            throw new StartException("this is the data folder of " + identity.name() + " (" + identity.self()
                    + "), which must be one of the members (--member) afterwards");
        }
        return new Membership(voters, List.of(), List.of(), new TreeMap<>(), info);
    }

    private static boolean isCalled(Member member, String wanted) {
        return member.name().equals(wanted)
                || (wanted.matches("[0-9a-fA-F]{1,16}")
                        && member.id().value() == HexFormat.fromHexDigitsToLong(wanted));
    }

    /** How people call a member: name and identity. */
    public static String describe(Member member) {
        return member.name().isEmpty() ? member.id().toString() : member.name() + " (" + member.id() + ")";
    }

    /** Writes the membership. To repeat it does no further harm. */
    public ForcedMembership.Survivor force(Membership membership) {
        try {
            return ForcedMembership.append(folder.log(), membership, survivor.nextTerm());
        } catch (IOException e) {
            throw new StartException(
                    "the membership could not be written to " + folder.path() + ": " + e.getMessage()
                            + "; nothing may be concluded of what is there now: look with --dry-run",
                    e);
        }
    }

    @Override
    public void close() {
        try {
            folder.close();
        } catch (IOException e) {
            throw new StartException("the lock on " + folder.path() + " could not be released: " + e.getMessage(), e);
        }
    }
}
