package io.github.godwit.lab.net;

/**
 * A machine of the lab with a Redis on which pages of VMs may wait.
 *
 * @param name      its name, {@code i1} and so on
 * @param namespace its network namespace
 * @param address   its IPv4 address
 */
public record LabIntermediary(String name, String namespace, String address) {

    /** Port of its Redis. */
    public static final int PORT = 6379;

    /** Its name in requests. */
    public String store() {
        return address + ":" + PORT;
    }
}
