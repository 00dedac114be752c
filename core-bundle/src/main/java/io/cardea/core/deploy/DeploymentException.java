package io.cardea.core.deploy;

/** A file that was to be deployed or withdrawn, and was not. The message is one line for people. */
public final class DeploymentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeploymentException(String message) {
        super(message);
    }

    DeploymentException(String message, Throwable cause) {
        super(message, cause);
    }
}
