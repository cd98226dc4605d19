package io.github.godwit.nova;

/**
 * The credentials of a user, and the project that its tokens are scoped to.
 *
 * @param name          name of the user
 * @param password      password of the user
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
