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
                                deleted?: boolean;
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
                                deleted?: boolean;
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
                                deleted?: boolean;
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
                            deleted?: boolean;
                            readReceipts: boolean;
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
        /** Delete one's account */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        password?: string;
                    };
                };
            };
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
        /** Change one's name, or whether others are told what one has read */
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
                        displayName?: string;
                        readReceipts?: boolean;
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
                            deleted?: boolean;
                            readReceipts: boolean;
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
                            deleted?: boolean;
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
                                deleted?: boolean;
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
                                joinedAt?: number;
                                mutedUntil?: number;
                                deleted?: boolean;
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
    "/api/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public rooms, or one's own */
        get: {
            parameters: {
                query?: {
                    q?: string;
                    mine?: boolean;
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
                            rooms: {
                                id: string;
                                conversationId: string;
                                name: string;
                                topic: string;
                                picture?: string;
                                visibility: "public" | "private";
                                history: "all" | "joined";
                                members: number;
                                createdAt: number;
                                archivedAt?: number;
                                retentionDays?: number;
                                retentionEntries?: number;
                                lastSeq: number;
                                me: {
                                    role?: "owner" | "moderator" | "member";
                                    joinedAt?: number;
                                    joinedSeq?: number;
                                    mutedUntil?: number;
                                    banned?: boolean;
                                };
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
        /** Make a room and be its owner */
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
                        name: string;
                        visibility: "public" | "private";
                        history?: "all" | "joined";
                        topic?: string;
                        picture?: string;
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
                            id: string;
                            conversationId: string;
                            name: string;
                            topic: string;
                            picture?: string;
                            visibility: "public" | "private";
                            history: "all" | "joined";
                            members: number;
                            createdAt: number;
                            archivedAt?: number;
                            retentionDays?: number;
                            retentionEntries?: number;
                            lastSeq: number;
                            me: {
                                role?: "owner" | "moderator" | "member";
                                joinedAt?: number;
                                joinedSeq?: number;
                                mutedUntil?: number;
                                banned?: boolean;
                            };
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
    "/api/rooms/{roomId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A room */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
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
                            conversationId: string;
                            name: string;
                            topic: string;
                            picture?: string;
                            visibility: "public" | "private";
                            history: "all" | "joined";
                            members: number;
                            createdAt: number;
                            archivedAt?: number;
                            retentionDays?: number;
                            retentionEntries?: number;
                            lastSeq: number;
                            me: {
                                role?: "owner" | "moderator" | "member";
                                joinedAt?: number;
                                joinedSeq?: number;
                                mutedUntil?: number;
                                banned?: boolean;
                            };
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
        /** Change what a room is called and how long it keeps */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        topic?: string;
                        picture?: string | null;
                        retentionDays?: number | null;
                        retentionEntries?: number | null;
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
                            conversationId: string;
                            name: string;
                            topic: string;
                            picture?: string;
                            visibility: "public" | "private";
                            history: "all" | "joined";
                            members: number;
                            createdAt: number;
                            archivedAt?: number;
                            retentionDays?: number;
                            retentionEntries?: number;
                            lastSeq: number;
                            me: {
                                role?: "owner" | "moderator" | "member";
                                joinedAt?: number;
                                joinedSeq?: number;
                                mutedUntil?: number;
                                banned?: boolean;
                            };
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
    "/api/rooms/{roomId}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Close a room to writing and joining, or open it again */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        archived: boolean;
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
                            conversationId: string;
                            name: string;
                            topic: string;
                            picture?: string;
                            visibility: "public" | "private";
                            history: "all" | "joined";
                            members: number;
                            createdAt: number;
                            archivedAt?: number;
                            retentionDays?: number;
                            retentionEntries?: number;
                            lastSeq: number;
                            me: {
                                role?: "owner" | "moderator" | "member";
                                joinedAt?: number;
                                joinedSeq?: number;
                                mutedUntil?: number;
                                banned?: boolean;
                            };
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{roomId}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make another member the owner */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        to: string;
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
                            conversationId: string;
                            name: string;
                            topic: string;
                            picture?: string;
                            visibility: "public" | "private";
                            history: "all" | "joined";
                            members: number;
                            createdAt: number;
                            archivedAt?: number;
                            retentionDays?: number;
                            retentionEntries?: number;
                            lastSeq: number;
                            me: {
                                role?: "owner" | "moderator" | "member";
                                joinedAt?: number;
                                joinedSeq?: number;
                                mutedUntil?: number;
                                banned?: boolean;
                            };
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
    "/api/rooms/{roomId}/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** No notifications for oneself */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        until?: number;
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
                            conversationId: string;
                            name: string;
                            topic: string;
                            picture?: string;
                            visibility: "public" | "private";
                            history: "all" | "joined";
                            members: number;
                            createdAt: number;
                            archivedAt?: number;
                            retentionDays?: number;
                            retentionEntries?: number;
                            lastSeq: number;
                            me: {
                                role?: "owner" | "moderator" | "member";
                                joinedAt?: number;
                                joinedSeq?: number;
                                mutedUntil?: number;
                                banned?: boolean;
                            };
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
        post?: never;
        /** Notifications again */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
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
                            conversationId: string;
                            name: string;
                            topic: string;
                            picture?: string;
                            visibility: "public" | "private";
                            history: "all" | "joined";
                            members: number;
                            createdAt: number;
                            archivedAt?: number;
                            retentionDays?: number;
                            retentionEntries?: number;
                            lastSeq: number;
                            me: {
                                role?: "owner" | "moderator" | "member";
                                joinedAt?: number;
                                joinedSeq?: number;
                                mutedUntil?: number;
                                banned?: boolean;
                            };
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rooms/{roomId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in a room */
        get: {
            parameters: {
                query?: {
                    q?: string;
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    roomId: string;
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
                            members: {
                                id: string;
                                displayName: string;
                                deleted?: boolean;
                                role: "owner" | "moderator" | "member";
                                joinedAt: number;
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
        /** Join, or bring somebody in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        id: string;
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
                            roomId: string;
                            conversationId: string;
                            userId: string;
                            member: boolean;
                            seq: number;
                            id: string;
                            changed: boolean;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            roomId: string;
                            conversationId: string;
                            userId: string;
                            member: boolean;
                            seq: number;
                            id: string;
                            changed: boolean;
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
    "/api/rooms/{roomId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Leave, or expel somebody */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                    userId: string;
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
                            roomId: string;
                            conversationId: string;
                            userId: string;
                            member: boolean;
                            seq: number;
                            id: string;
                            changed: boolean;
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
        options?: never;
        head?: never;
        /** Give a member a role */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                    userId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        role: "moderator" | "member";
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
                            deleted?: boolean;
                            role: "owner" | "moderator" | "member";
                            joinedAt: number;
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
    "/api/rooms/{roomId}/bans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may not come */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    roomId: string;
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
                            bans: {
                                user: {
                                    id: string;
                                    displayName: string;
                                    deleted?: boolean;
                                };
                                by: string;
                                at: number;
                                reason?: string;
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
    "/api/rooms/{roomId}/bans/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Expel somebody for good */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                    userId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
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
                                deleted?: boolean;
                            };
                            by: string;
                            at: number;
                            reason?: string;
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
        post?: never;
        /** Let somebody come again */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                    userId: string;
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
    "/api/rooms/{roomId}/invites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Links into a room */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
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
                            invites: {
                                id: string;
                                createdBy: string;
                                createdAt: number;
                                expiresAt: number;
                                usesLeft?: number;
                                label?: string;
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
        /** Make a link into a room */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        expiresInSeconds?: number;
                        uses?: number;
                        label?: string;
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
                            id: string;
                            createdBy: string;
                            createdAt: number;
                            expiresAt: number;
                            usesLeft?: number;
                            label?: string;
                            token: string;
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
    "/api/rooms/{roomId}/invites/{inviteId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a link back */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    roomId: string;
                    inviteId: string;
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
    "/api/invites/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a link leads into */
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
                        token: string;
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
                            room: {
                                id: string;
                                name: string;
                                topic: string;
                                picture?: string;
                                visibility: "public" | "private";
                                members: number;
                            };
                            invitedBy: {
                                id: string;
                                displayName: string;
                                deleted?: boolean;
                            };
                            expiresAt: number;
                            member: boolean;
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
    "/api/invites/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Join by a link */
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
                        token: string;
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
                            roomId: string;
                            conversationId: string;
                            userId: string;
                            member: boolean;
                            seq: number;
                            id: string;
                            changed: boolean;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            roomId: string;
                            conversationId: string;
                            userId: string;
                            member: boolean;
                            seq: number;
                            id: string;
                            changed: boolean;
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
    "/api/conversations/{conversationId}/messages/{seq}/readers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who has read an entry */
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
                            notRead: number;
                            read?: {
                                userId: string;
                                displayName: string;
                            }[];
                            unread?: {
                                userId: string;
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
    "/api/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search the messages of your conversations
         * @description Every word of `q` has to stand in the message, anywhere within its words; at least one has two characters.
         */
        get: {
            parameters: {
                query: {
                    q: string;
                    conversationId?: string;
                    from?: string;
                    since?: number;
                    until?: number;
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
                            messages: {
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
    "/api/conversations/{conversationId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that you may read of a conversation, as JSON Lines */
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
                        "application/x-ndjson": string;
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
    "/api/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your account and all that you wrote, as JSON Lines */
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
                        "application/x-ndjson": string;
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
