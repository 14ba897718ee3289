package io.jangada.core.model;

/**
 * What a group knows of one member besides its role, replicated with the membership.
 *
 * @param address where and how to reach it, in whatever form the transport and the people of the cluster use; opaque to the protocol
 * @param priority members with a higher one lead rather than others; {@link #NEVER_LEADS} stands for no election of its own accord
 * @param incarnation the data folder it first came with, a number drawn when the folder was made; 0 while it is not known
 */
public record MemberInfo(String address, int priority, long incarnation) {
    /** A member of which nothing is known but its identity. */
    public static final MemberInfo UNKNOWN = new MemberInfo("", 0, 0);

    /** The priority of a member that votes and never leads but on request. */
    public static final int NEVER_LEADS = -1;

    /** The longest address, in characters. */
    public static final int MAX_ADDRESS = 4_096;

    public MemberInfo {
        if (address.length() > MAX_ADDRESS) {
            throw new IllegalArgumentException(
                    "an address of " + address.length() + " characters; at most " + MAX_ADDRESS + " are possible");
        }
        if (priority < NEVER_LEADS) {
            throw new IllegalArgumentException("priority " + priority + " is below " + NEVER_LEADS);
        }
    }

    /** A member with this address and the usual priority. */
    public static MemberInfo at(String address) {
        return new MemberInfo(address, 0, 0);
    }

    public MemberInfo withIncarnation(long known) {
        return new MemberInfo(address, priority, known);
    }
}
