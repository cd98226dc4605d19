package io.github.godwit.nova;

/**
 * Who signs in, to which project.
 *
 * @param name          name of the user
 * @param password      its password
 * @param domain        name of the user's domain
 * @param project       name of the project
 * @param projectDomain name of the project's domain
 */
public record OpenStackUser(String name, String password, String domain, String project, String projectDomain) {

    @Override
    public String toString() {
        return "user %s of %s in project %s of %s".formatted(name, domain, project, projectDomain);
    }
}
