<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * What a page shows, as short names in its header X-Farm-Shows, for example ",p12,u1,p15,list,". Whatever changes is banned by its name, and
 * so on every page that shows it, wherever that page is:
 *
 *     p12       post 12: itself, a line of a list, a link to it, an image
 *     u1        user 1, as the author of what is shown
 *     t5, a1    the archive of term 5, of author 1: something may be on it from now on
 *     list      any other list: front page, feed, search, sitemap, REST
 *     comments  the newest comments
 *     many      more than fit in a header: any change
 */
final class Shown
{
    public const HEADER = 'X-Farm-Shows';
    public const LISTS = 'list';
    public const COMMENTS = 'comments';
    public const MANY = 'many';

    /** Characters. Varnish takes 8 kB of one header, HAProxy 15 of all. */
    private const MAX_LENGTH = 4000;

    /** @var array<string, true> */
    private array $names = [];

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

    /** Gathers, from now on, what the page of this request shows. */
    public function gather(): void
    {
        add_action('the_post', function (\WP_Post $post): void {
            $this->add(self::post($post->ID), self::author((int) $post->post_author));
        });
        foreach (['post_link', 'post_type_link', 'page_link', 'attachment_link', 'the_title', 'wp_get_attachment_url'] as $filter) {
            add_filter($filter, function (mixed $asItIs, \WP_Post|int|string|null $post = null): mixed {
                $this->add(self::post($post instanceof \WP_Post ? $post->ID : (int) $post));

                return $asItIs;
            }, 10, 2);
        }
        foreach (['widget_comments_args', 'render_block_core/latest-comments'] as $filter) {
            add_filter($filter, function (mixed $asItIs): mixed {
                $this->add(self::COMMENTS);

                return $asItIs;
            });
        }
        add_action('wp', fn () => $this->add(...$this->ofMainQuery()));
        add_action('rest_api_init', fn () => $this->add(self::LISTS, self::COMMENTS));
    }

    /** @param bool $isWhole false: the page has been sent in part before its end, and nobody knows what else is on it */
    public function header(bool $isWhole): string
    {
        $names = ',' . implode(',', array_keys($this->names)) . ',';

        return self::HEADER . ': ' . ($isWhole && strlen($names) <= self::MAX_LENGTH ? $names : ',' . self::MANY . ',');
    }

    private function add(string ...$names): void
    {
        $this->names += array_fill_keys($names, true);
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
