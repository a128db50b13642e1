<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * The cache tags of a page: a tag for each thing that the page shows, in its header X-Farm-Shows, for example ",p12,u1,p15,list,". When a
 * thing changes, Varnish bans every page that has its tag:
 *
 *     p12       post 12: its page, a line of a list, a link to it, an image
 *     u1        user 1, as the author of a post that is shown
 *     t5, a1    the archive of term 5, of author 1: a new post may belong on it
 *     list      any other list: front page, feed, search, sitemap, REST
 *     comments  the newest comments
 *     many      more tags than fit in a header: any change bans the page
 */
final class CacheTags
{
    public const HEADER = 'X-Farm-Shows';
    public const LISTS = 'list';
    public const COMMENTS = 'comments';
    public const MANY = 'many';

    /** Characters. Varnish accepts 8 kB for one header, HAProxy 15 kB for all headers together. */
    private const MAX_LENGTH = 4000;

    /** @var array<string, true> */
    private array $tags = [];

    public static function post(int $id): string
    {
        return "p$id";
    }

    public static function author(int $id): string
    {
        return "u$id";
    }

    public static function archiveOfTerm(int $id): string
    {
        return "t$id";
    }

    public static function archiveOfAuthor(int $id): string
    {
        return "a$id";
    }

    /** Registers the hooks that collect the tags of this request's page. */
    public function register(): void
    {
        add_action('the_post', function (\WP_Post $post): void {
            $this->add(self::post($post->ID), self::author((int) $post->post_author));
        });
        foreach (['post_link', 'post_type_link', 'page_link', 'attachment_link', 'the_title', 'wp_get_attachment_url'] as $filter) {
            add_filter($filter, function (mixed $value, \WP_Post|int|string|null $post = null): mixed {
                $this->add(self::post($post instanceof \WP_Post ? $post->ID : (int) $post));

                return $value;
            }, 10, 2);
        }
        foreach (['widget_comments_args', 'render_block_core/latest-comments'] as $filter) {
            add_filter($filter, function (mixed $value): mixed {
                $this->add(self::COMMENTS);

                return $value;
            });
        }
        add_action('wp', fn () => $this->add(...$this->ofMainQuery()));
        add_action('rest_api_init', fn () => $this->add(self::LISTS, self::COMMENTS));
    }

    /** @param bool $isComplete false: a part of the page was sent before its end, so tags of the rest are missing */
    public function header(bool $isComplete): string
    {
        $tags = ',' . implode(',', array_keys($this->tags)) . ',';

        return self::HEADER . ': ' . ($isComplete && strlen($tags) <= self::MAX_LENGTH ? $tags : ',' . self::MANY . ',');
    }

    private function add(string ...$tags): void
    {
        $this->tags += array_fill_keys($tags, true);
    }

    /** @return iterable<string> */
    private function ofMainQuery(): iterable
    {
        $object = get_queried_object();
        if (is_comment_feed()) {
            yield self::COMMENTS;
        }
        if ($object instanceof \WP_Post) {
            yield self::post($object->ID);
        }
        if (is_singular()) {
            return;
        }
        yield match (true) {
            $object instanceof \WP_Term => self::archiveOfTerm($object->term_id),
            $object instanceof \WP_User => self::archiveOfAuthor($object->ID),
            default => self::LISTS,
        };
    }
}
