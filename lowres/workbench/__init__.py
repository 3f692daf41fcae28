"""What the workbench shows, without showing it: runs, pairs and answers read and put in order.

`page` alone knows Streamlit.
"""
