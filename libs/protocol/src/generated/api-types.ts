// Made from /api/openapi.json by apps/chat-server/src/server/openapi.spec.ts: do not edit.

export interface paths {
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, to be read */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": unknown;
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an account and sign in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        id: string;
                        password: string;
                        displayName?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: {
                                id: string;
                                displayName: string;
                            };
                            accessToken: string;
                            refreshToken: string;
                            expiresIn: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        id: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: {
                                id: string;
                                displayName: string;
                            };
                            accessToken: string;
                            refreshToken: string;
                            expiresIn: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** New tokens for old ones */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        refreshToken: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: {
                                id: string;
                                displayName: string;
                            };
                            accessToken: string;
                            refreshToken: string;
                            expiresIn: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this sign-in and its connections */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who one is */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            displayName: string;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change one's display name */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        displayName: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            displayName: string;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A user */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            displayName: string;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find users */
        get: {
            parameters: {
                query: {
                    q: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            users: {
                                id: string;
                                displayName: string;
                            }[];
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's conversations, the newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            conversations: {
                                conversationId: string;
                                to?: string;
                                roomId?: string;
                                name?: string;
                                members?: number;
                                archived?: boolean;
                                lastSeq: number;
                                readSeq: number;
                                unread: number;
                                last?: {
                                    /** @enum {string} */
                                    type: "CHAT";
                                    conversationId: string;
                                    from: string;
                                    to?: string;
                                    roomId?: string;
                                    seq: number;
                                    id: string;
                                    sentAt: number;
                                    message: string;
                                    clientId?: string;
                                    replyTo?: number;
                                    mentions?: string[];
                                    forwardedFrom?: {
                                        from: string;
                                        sentAt: number;
                                    };
                                    deleted?: boolean;
                                    editedAt?: number;
                                    reactions?: {
                                        emoji: string;
                                        count: number;
                                        mine: boolean;
                                        users: string[];
                                    }[];
                                    notRead?: number;
                                };
                                cursors: {
                                    userId: string;
                                    deliveredSeq: number;
                                    readSeq: number;
                                }[];
                                cursorVersion: number;
                            }[];
                            cursor?: string;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{conversationId}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages of a conversation, in their present form */
        get: {
            parameters: {
                query?: {
                    before?: number;
                    after?: number;
                    around?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    conversationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            messages: ({
                                /** @enum {string} */
                                type: "CHAT";
                                conversationId: string;
                                from: string;
                                to?: string;
                                roomId?: string;
                                seq: number;
                                id: string;
                                sentAt: number;
                                message: string;
                                clientId?: string;
                                replyTo?: number;
                                mentions?: string[];
                                forwardedFrom?: {
                                    from: string;
                                    sentAt: number;
                                };
                                deleted?: boolean;
                                editedAt?: number;
                                reactions?: {
                                    emoji: string;
                                    count: number;
                                    mine: boolean;
                                    users: string[];
                                }[];
                                notRead?: number;
                            } | {
                                /** @enum {string} */
                                type: "JOIN";
                                conversationId: string;
                                from: string;
                                to?: string;
                                roomId?: string;
                                seq: number;
                                id: string;
                                sentAt: number;
                                by?: string;
                            } | {
                                /** @enum {string} */
                                type: "LEAVE";
                                conversationId: string;
                                from: string;
                                to?: string;
                                roomId?: string;
                                seq: number;
                                id: string;
                                sentAt: number;
                                by?: string;
                            })[];
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{conversationId}/messages/{seq}/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All texts that a message has had */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    conversationId: string;
                    seq: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            edits: {
                                seq: number;
                                message: string;
                                sentAt: number;
                            }[];
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{conversationId}/pins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is pinned, the last pinned first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    conversationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            pins: {
                                message: {
                                    /** @enum {string} */
                                    type: "CHAT";
                                    conversationId: string;
                                    from: string;
                                    to?: string;
                                    roomId?: string;
                                    seq: number;
                                    id: string;
                                    sentAt: number;
                                    message: string;
                                    clientId?: string;
                                    replyTo?: number;
                                    mentions?: string[];
                                    forwardedFrom?: {
                                        from: string;
                                        sentAt: number;
                                    };
                                    deleted?: boolean;
                                    editedAt?: number;
                                    reactions?: {
                                        emoji: string;
                                        count: number;
                                        mine: boolean;
                                        users: string[];
                                    }[];
                                    notRead?: number;
                                };
                                by: string;
                                pinnedAt: number;
                            }[];
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{conversationId}/pins/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Pin a message */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    conversationId: string;
                    seq: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        post?: never;
        /** Take a pin away */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    conversationId: string;
                    seq: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused; the code says why. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
                /** @description Refused; the code says why. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            code: "bad-request" | "unauthorized" | "forbidden" | "not-found" | "conflict" | "too-large" | "rate-limited" | "internal" | "unavailable";
                            message: string;
                            /** @description Trying again before is no use. */
                            retryAfterMs?: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
