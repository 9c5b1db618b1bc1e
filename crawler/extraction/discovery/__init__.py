"""Which URLs does a list page, feed or sitemap name?"""
